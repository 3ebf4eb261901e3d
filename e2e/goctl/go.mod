module goctl

go 1.26.8
