import { DownloadOutlined, ReloadOutlined } from "@ant-design/icons";
import { App, Button, Table } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Trouble, useTrouble } from "../format/trouble.tsx";
import { Cards } from "./cards.tsx";
import type { Column } from "./columns.tsx";
import { csvText, saveCsv } from "./csv.ts";
import { bodyRow, CELLS, headRow, rowCount, TABLE_PARTS, tableRole } from "./table-parts.tsx";
import { useNarrow } from "./use-narrow.ts";
import { allRows, type RowSource, useRows } from "./use-rows.ts";

interface Props<Row> {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly source: RowSource<Row>;
  readonly columns: readonly Column<Row>[];
  readonly filters?: ReactNode;
  /** What is said where there are none. */
  readonly empty?: string;
  /** What all rows have in common. */
  readonly about?: ReactNode;
  /** True of rows that hold sentences, which are read whole: cards on a wide screen too. */
  readonly isProse?: boolean;
  rowKey(row: Row): string | number;
}

/** A list with its filters, of which only what is in sight is drawn. */
export function List<Row extends object>(props: Props<Row>) {
  const { title, source, columns, filters, empty, about, isProse = false, rowKey } = props;
  const { t } = useTranslation();
  const { rows, error, isLoading, isFetching, hasMore, more, reload } = useRows(source);
  const shown = columns.filter(({ show }) => show !== undefined);
  return (
    <>
      <title>{`${title} · ${t("app.title")}`}</title>
      <div className="list-top">
        <h1>{title}</h1>
        <Button icon={<ReloadOutlined />} onClick={reload} loading={isFetching}>
          {t("list.reload")}
        </Button>
        <ExportButton {...props} />
      </div>
      {about}
      {filters !== undefined && (
        <section aria-label={t("list.filters")} className="filters">
          {filters}
        </section>
      )}
      {error !== null && <Trouble error={error} onRetry={reload} />}
      {rows.length === 0 && !isLoading && error === null && (
        <p className="nothing">{empty ?? t("list.empty")}</p>
      )}
      {isLoading && <p className="loading">{t("app.loading")}</p>}
      {rows.length > 0 && <Rows {...{ title, rows, rowKey, hasMore, isProse }} columns={shown} />}
      <p className="list-end" role="status">
        {t(hasMore ? "list.some" : "list.all", { count: rows.length })}{" "}
        {hasMore && (
          <Button onClick={more} loading={isFetching}>
            {t("list.more")}
          </Button>
        )}
      </p>
    </>
  );
}

interface RowsProps<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** Whether there are more than these. */
  readonly hasMore: boolean;
  readonly isProse: boolean;
  rowKey(row: Row): string | number;
}

/** A table, or cards where there is no room for one. */
function Rows<Row extends object>(props: RowsProps<Row>) {
  const isNarrow = useNarrow();
  if (isNarrow || props.isProse) return <Cards {...props} />;
  const { title: name, rows, columns, hasMore, rowKey } = props;
  return (
    <Table<Row>
      virtual
      size="middle"
      rowKey={rowKey}
      dataSource={rows}
      pagination={false}
      loading={tableRole(name, rowCount(rows.length, hasMore))}
      components={TABLE_PARTS}
      onHeaderRow={headRow}
      onRow={bodyRow}
      scroll={{
        x: columns.reduce((sum, { width }) => sum + width, 0),
        y: Math.max(240, window.innerHeight - 330),
      }}
      columns={columns.map(({ title, width, isNumber, show, csv }, index) => ({
        key: title,
        title,
        width,
        // Rows of one height, of which many can be passed by quickly.
        ellipsis: true,
        ...(isNumber ? { align: "end" as const } : {}),
        // What may be done stays in sight, however wide the table is.
        ...(csv === undefined && index === columns.length - 1 ? { fixed: "end" as const } : {}),
        ...CELLS,
        render: (_: unknown, row: Row) => show?.(row),
      }))}
    />
  );
}

function ExportButton<Row extends object>({ name, source, columns }: Props<Row>) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const tell = useTrouble();
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const { rows, isCut } = await allRows(source);
      const written = columns.filter(({ csv }) => csv !== undefined);
      const head = written.map(({ title }) => title);
      const lines = rows.map((row) => written.map(({ csv }) => csv?.(row) ?? ""));
      saveCsv(`${name}.csv`, csvText([head, ...lines]));
      if (isCut) void message.warning(t("list.exportCut", { count: rows.length }));
    } catch (error) {
      void message.error(tell(error));
    }
    setBusy(false);
  };
  return (
    <Button icon={<DownloadOutlined />} onClick={() => void save()} loading={isBusy}>
      {t("list.export")}
    </Button>
  );
}
