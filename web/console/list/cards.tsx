import type { Column } from "./columns.tsx";

interface Props<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  rowKey(row: Row): string | number;
}

/** The rows of a list one below the other, where a screen is too narrow for a table; what is empty is left out. */
export function Cards<Row>({ title, rows, columns, rowKey }: Props<Row>) {
  return (
    <ul className="cards" aria-label={title}>
      {rows.map((row) => (
        <li key={rowKey(row)} className="card" data-row-key={rowKey(row)}>
          <Card row={row} columns={columns} />
        </li>
      ))}
    </ul>
  );
}

function Card<Row>({ row, columns }: { readonly row: Row; readonly columns: readonly Column<Row>[] }) {
  const facts = columns.filter(({ csv }) => csv !== undefined && csv(row) !== "");
  const acts = columns.filter(({ csv }) => csv === undefined);
  return (
    <>
      <dl>
        {facts.map(({ title, show }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{show?.(row)}</dd>
          </div>
        ))}
      </dl>
      {acts.map(({ title, show }) => (
        <div key={title} className="card-acts">
          {show?.(row)}
        </div>
      ))}
    </>
  );
}
