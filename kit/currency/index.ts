export { decimalsOf, moneyText } from "./money-text.ts";
