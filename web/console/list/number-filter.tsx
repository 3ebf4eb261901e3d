import { TextFilter } from "./text-filter.tsx";

const NUMBER = /^\s*[1-9]\d{0,14}\s*$/;

interface Props {
  readonly label: string;
  readonly value: string | undefined;
  onChange(value: string | undefined): void;
}

/** Takes the number of something. */
export function NumberFilter(props: Props) {
  return <TextFilter {...props} allowed={NUMBER} />;
}
