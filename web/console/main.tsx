import { createRoot } from "react-dom/client";
import { Console } from "./console.tsx";
import { beginTexts } from "./texts/i18n.ts";

beginTexts();
const place = document.getElementById("console");
if (place !== null) createRoot(place).render(<Console />);
