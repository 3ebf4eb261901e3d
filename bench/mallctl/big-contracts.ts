import type { LayerName } from "../../codegen/commands/index.ts";

/** A contract of about so many lines, of parts that are alike. */
export function bigContract(layer: LayerName, lines: number): string {
  const { head, part, tail, perPart } = SHAPES[layer];
  const parts = Array.from({ length: Math.ceil(lines / perPart) }, (_, index) => part(index));
  return `${head}${parts.join("")}${tail(parts.length)}`;
}

interface Shape {
  readonly head: string;
  readonly part: (index: number) => string;
  readonly tail: (parts: number) => string;
  readonly perPart: number;
}

const SHAPES: Readonly<Record<LayerName, Shape>> = {
  api: {
    head: 'syntax = "v1"\n',
    part: (index) =>
      `// Req${index} asks\ntype Req${index} {\n\tId int64 \`path:"id"\`\n\tName string \`json:"name,optional"\`\n` +
      `\tKids []*Req${index} \`json:"kids,optional"\` // of it\n}\nservice big-api {\n\t@doc "it"\n\t@handler do${index}\n` +
      `\tpost /big/${index}/:id (Req${index}) returns (Req${index})\n}\n`,
    tail: () => "",
    perPart: 11,
  },
  model: {
    head: "SET NAMES utf8mb4;\n",
    part: (index) =>
      `-- table ${index}\nCREATE TABLE \`t${index}\` (\n  \`id\` bigint unsigned NOT NULL AUTO_INCREMENT,\n` +
      "  `name` varchar(99) COLLATE utf8mb4_bin NOT NULL DEFAULT '' COMMENT 'its name',\n  `price` decimal(10,2) DEFAULT NULL,\n" +
      "  `kind` enum('a','b') NOT NULL DEFAULT 'a',\n  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,\n" +
      "  PRIMARY KEY (`id`),\n  UNIQUE KEY `name` (`name`),\n  KEY `kind` (`kind`,`id`)\n) ENGINE=InnoDB;\n",
    tail: () => "",
    perPart: 11,
  },
  rpc: {
    head: 'syntax = "proto3";\npackage big;\n',
    part: (index) =>
      `// M${index} is one\nmessage M${index} {\n  int64 id = 1; // its number\n  string name = 2;\n  repeated M${index} kids = 3;\n` +
      "  map<string, int64> counts = 4;\n  oneof which {\n    string a = 5;\n    bytes b = 6;\n  }\n}\n",
    tail: (parts) =>
      `service Big {\n${Array.from({ length: parts }, (_, index) => `  rpc Do${index}(M${index}) returns (M${index});\n`).join("")}}\n`,
    perPart: 12,
  },
};
