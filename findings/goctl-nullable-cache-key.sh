#!/bin/sh
# github.com/zeromicro/go-zero/tools/goctl v1.10.2, `goctl model mysql ddl -c`.
#
# The rows that a generated model caches are found by `cache:<table>:<column>:<value>`, with the value
# written by Go's %v. A unique column that may be NULL is a sql.NullString, which %v writes as a struct.
# So the same value has another key where the column is NOT NULL, and who shares the Redis from another
# language has to write the braces.
#
#   NOT NULL  cache:coupon:code:x
#   NULL      cache:coupon:alias:{x true}
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > go.mod <<'MOD'
module finding

go 1.24

require github.com/zeromicro/go-zero/tools/goctl v1.10.2
MOD
cat > goctl.go <<'GO'
//go:build tools

package main

import _ "github.com/zeromicro/go-zero/tools/goctl"
GO
go mod tidy 2>/dev/null || exit 2
go build -o goctl github.com/zeromicro/go-zero/tools/goctl || exit 2

cat > coupon.sql <<'SQL'
CREATE TABLE `coupon` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `code` varchar(9) NOT NULL DEFAULT '',
  `alias` varchar(9) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `code_unique` (`code`),
  UNIQUE KEY `alias_unique` (`alias`)
);
SQL
./goctl model mysql ddl -src coupon.sql -dir model -c > goctl.log 2>&1

# The generated prefixes, row type and key expressions, in a program of their own.
mkdir keys
{
  printf 'package main\n\nimport (\n\t"database/sql"\n\t"fmt"\n)\n\nvar (\n'
  grep -E 'cacheCoupon(Code|Alias)Prefix += ' model/couponmodel_gen.go
  printf ')\n\ntype Coupon struct {\n'
  grep -E '^[[:space:]]+(Code|Alias) +[a-z.A-Z]+ +`db:' model/couponmodel_gen.go
  printf '}\n\nfunc main() {\n'
  printf '\tdata := Coupon{Code: "x", Alias: sql.NullString{String: "x", Valid: true}}\n'
  grep -E 'coupon(Code|Alias)Key := .*, data\.' model/couponmodel_gen.go | sort -u
  printf '\tfmt.Println("NOT NULL ", couponCodeKey)\n\tfmt.Println("NULL     ", couponAliasKey)\n}\n'
} > keys/main.go
go run ./keys > seen
cat seen

cat > stated <<'TEXT'
NOT NULL  cache:coupon:code:x
NULL      cache:coupon:alias:{x true}
TEXT
diff stated seen || exit 1
