#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { launch } from "../../tools/launch.js";

await launch(fileURLToPath(new URL("../cli.ts", import.meta.url)));
