export { Account } from "./account.ts";
export { PRICE } from "./customers.ts";
export { CUSTOMERS, customerOf } from "./people.ts";
export { type ScriptedAction, writeDeciders, writeScript } from "./script.ts";
export { drawTheme, drawThemeWithCrowds, type Theme } from "./theme.ts";
