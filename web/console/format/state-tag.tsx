import { Tag } from "antd";
import type { Texts } from "../texts/en.ts";
import { useWords } from "../texts/i18n.ts";

/** Colours by what a state asks of people: none (grey), good, on its way, a look (orange), trouble. */
const COLORS: Readonly<Partial<Record<keyof Texts, Readonly<Record<string, string>>>>> = {
  payStates: { 0: "processing", 1: "success", 3: "purple", 4: "purple", 5: "warning" },
  refundStates: { 0: "processing", 1: "processing", 2: "success", 3: "error", 4: "warning" },
  orderStates: { 0: "processing", 1: "success", 2: "purple" },
  states: {
    paid: "success",
    succeeded: "success",
    processed: "success",
    done: "success",
    held: "warning",
    byHand: "warning",
    surplus: "warning",
    unknown: "warning",
    failed: "error",
    dead: "error",
    created: "processing",
    pending: "processing",
    reserved: "processing",
    processing: "processing",
    received: "processing",
    waiting: "processing",
    refunded: "purple",
    partlyRefunded: "purple",
  },
};

/** A state in a word and a colour. */
export function StateTag({ group, state }: { readonly group: keyof Texts; readonly state: string | number }) {
  const words = useWords();
  return <Tag color={COLORS[group]?.[state] ?? "default"}>{words(group, state)}</Tag>;
}
