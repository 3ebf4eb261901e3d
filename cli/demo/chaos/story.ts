import { AppError } from "@mall/kit/errors";
import type { Paper } from "../transcript.ts";

/** Tells what happens, for somebody who watches. */
export interface Story {
  /** Begins a scene. */
  scene(title: string): void;
  /** Something that somebody does. */
  does(text: string): void;
  /** Something that goes wrong. */
  trouble(text: string): void;
  /** What mall made of it, seen from outside. */
  mall(text: string): void;
}

export function createStory(paper: Paper): Story {
  let number = 0;
  return {
    scene: (title) => {
      number += 1;
      paper.write(`\n${paper.style("bold", `${number}. ${title}`)}\n`);
    },
    does: (text) => paper.write(`   ${paper.style("dim", text)}\n`),
    trouble: (text) => paper.write(`   ${paper.style("red", `! ${text}`)}\n`),
    mall: (text) => paper.write(`   ${paper.style("green", `= ${text}`)}\n`),
  };
}

/** What the story said is not what is there. */
export function chaosFailed(why: string, cause?: unknown): AppError {
  return new AppError("FAILED_PRECONDITION", "DEMO_FAILED", `demo: ${why}`, { cause });
}
