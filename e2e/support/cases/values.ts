/** Values at and beyond the edges of what messages and columns hold. */
export const BEYOND_SAFE = 2 ** 53;
export const SAFE_MAX = Number.MAX_SAFE_INTEGER;
/** `int unsigned`. */
export const UINT32_MAX = 2 ** 32 - 1;
export const LONE_SURROGATE = "a\ud800";
/** As many characters as `varchar(255)` takes, each of two UTF-16 units and four bytes. */
export const EMOJI_255 = "🍎".repeat(255);
export const TEXT_256 = "x".repeat(256);
/** Quotes, backslash, NUL, line ends and a placeholder: text that a careless statement would not survive. */
export const ODD_TEXT = "'\"`\\\u0000\n\r%_?:x;--é\u200b\ufeff";
