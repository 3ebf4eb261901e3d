import type { Runtime } from "@mall/kit/runtime";
import { shortenBody, shortenToken } from "./shorten.ts";

/** How a kind of text is set off on a terminal. */
type Style = "bold" | "dim" | "green" | "red";

/** Where the transcript goes. */
export interface Paper {
  write(text: string): void;
  /** The text as it is where colours are not wanted. */
  style(style: Style, text: string): string;
}

/** Shows what is said between the demo and the mall while it is being said. */
export interface Transcript {
  /** Number of the step that is being played, from 1 on. */
  readonly step: number;
  /** Begins a step. */
  begin(title: string): void;
  note(text: string): void;
  /** The global fetch, with each request and answer shown. */
  readonly fetch: typeof fetch;
}

/** A transcript on `paper`; each step is numbered. */
export function createTranscript(paper: Paper, runtime: Runtime): Transcript {
  let step = 0;
  const show = (text: string): void => paper.write(`   ${text}\n`);
  return {
    get step() {
      return step;
    },
    begin: (title) => {
      step += 1;
      paper.write(`\n${paper.style("bold", `${step}. ${title}`)}\n`);
    },
    note: (text) => paper.write(`\n${paper.style("dim", text)}\n`),
    fetch: async (input, init) => {
      for (const line of requestLines(String(input), init)) show(paper.style("dim", line));
      const startedAt = runtime.now();
      const response = await fetch(input, init);
      const body = await response.clone().text();
      const status = paper.style(response.ok ? "green" : "red", `${response.status}`);
      show(`${status} ${shortenBody(body)} ${paper.style("dim", `(${runtime.now() - startedAt} ms)`)}`);
      return response;
    },
  };
}

function requestLines(url: string, init: RequestInit | undefined): string[] {
  const token = new Headers(init?.headers).get("authorization")?.replace(/^Bearer /, "");
  const body = init?.body;
  return [
    `${init?.method ?? "GET"} ${url}`,
    ...(token === undefined ? [] : [`Authorization: Bearer ${shortenToken(token)}`]),
    ...(typeof body === "string" ? [shortenBody(body)] : []),
  ];
}
