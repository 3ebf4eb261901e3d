import { Area, AreaChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useLanguage } from "../texts/i18n.ts";
import type { Point } from "./series.ts";

/** Told apart by eyes that see no red or green, too (Okabe and Ito). */
const COLORS = ["#0072b2", "#e69f00"];
const HEIGHT = 220;

interface Props {
  readonly title: string;
  readonly points: readonly Point[];
  readonly lines: readonly { readonly key: keyof Point; readonly name: string }[];
  /** A value as people read it. */
  tell(value: number): string;
  /** True where the moments are days. */
  readonly isDaily: boolean;
}

/** Values over time. What it shows stands in the table below as well. */
export function Chart({ title, points, lines, tell, isDaily }: Props) {
  const tellTime = useTimeText(isDaily);
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <div aria-hidden="true">
        <ResponsiveContainer width="100%" height={HEIGHT}>
          <AreaChart data={[...points]} accessibilityLayer={false} margin={{ top: 8, left: 8, right: 8 }}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis dataKey="time" tickFormatter={tellTime} minTickGap={40} stroke="var(--quiet)" />
            <YAxis allowDecimals={false} tickFormatter={tell} width={88} stroke="var(--quiet)" />
            <Tooltip
              labelFormatter={(time) => tellTime(Number(time))}
              formatter={(value) => tell(Number(value))}
              contentStyle={{ background: "var(--card)", border: "1px solid var(--line)" }}
            />
            <Legend />
            {lines.map(({ key, name }, index) => (
              <Area
                key={key}
                dataKey={key}
                name={name}
                type="linear"
                stroke={COLORS[index] ?? "#000"}
                fill={COLORS[index] ?? "#000"}
                fillOpacity={0.15}
                isAnimationActive={false}
              />
            ))}
          </AreaChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

function useTimeText(isDaily: boolean): (seconds: number) => string {
  const language = useLanguage() === "zh" ? "zh-CN" : "en-GB";
  const format = new Intl.DateTimeFormat(
    language,
    isDaily
      ? { month: "short", day: "numeric" }
      : { day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  );
  return (seconds) => format.format(seconds * 1000);
}
