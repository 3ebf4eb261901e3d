import type { ComponentProps } from "react";

/**
 * The table's head is a `table` of its own, beside a list of `div` that draws the rows in sight. With these roles a
 * screen reader has both as one table.
 */
export const TABLE_PARTS = {
  header: {
    table: (props: ComponentProps<"table">) => <table {...props} role="none" />,
    // biome-ignore lint/a11y/noRedundantRoles: within what is no table any more it is none by itself.
    wrapper: (props: ComponentProps<"thead">) => <thead {...props} role="rowgroup" />,
  },
  body: {
    // biome-ignore lint/a11y/useSemanticElements: a tbody has no rows of divs, and scrolls as none.
    wrapper: (props: ComponentProps<"div">) => <div {...props} role="rowgroup" />,
  },
};

/** What surrounds both: the element that could show that rows are loading, which says that it may change. */
export const tableRole = (name: string, rows: number) => ({
  spinning: false,
  ...{ role: "table", "aria-label": name, "aria-rowcount": rows, "aria-live": "off" as const },
});

/** How many rows the head has. */
const HEAD_ROWS = 1;

/** The rows of a table that is all there, with its head; -1 while more may come. */
export function rowCount(rows: number, hasMore: boolean): number {
  return hasMore ? -1 : rows + HEAD_ROWS;
}

/** What a row of the head is. */
export const headRow = () => ({ role: "row", "aria-rowindex": HEAD_ROWS });

/** What a row is: which of them all, from 0, whatever is drawn. */
export const bodyRow = (_: object, index = 0) => ({ role: "row", "aria-rowindex": index + HEAD_ROWS + 1 });

/** What cells of a column are, in the head and below. */
export const CELLS = { onHeaderCell: () => ({ role: "columnheader" }), onCell: () => ({ role: "cell" }) };
