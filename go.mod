module mallctl

go 1.26.8
