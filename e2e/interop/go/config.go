package main

import (
	"fmt"

	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/core/stores/cache"
	"github.com/zeromicro/go-zero/rest"
	"github.com/zeromicro/go-zero/zrpc"
)

type mysqlConfig struct{ DataSource string }

type authConfig struct {
	AccessSecret string
	AccessExpire int64
}

// configs are the seed's, a process each (service/*/{rpc,api}/internal/config/config.go).
var configs = map[string]interface{}{
	"user.rpc": &struct {
		zrpc.RpcServerConf
		Mysql      mysqlConfig
		CacheRedis cache.CacheConf
		Salt       string
	}{},
	"product.rpc": &struct {
		zrpc.RpcServerConf
		Mysql      mysqlConfig
		CacheRedis cache.CacheConf
	}{},
	"order.rpc": &struct {
		zrpc.RpcServerConf
		Mysql               mysqlConfig
		CacheRedis          cache.CacheConf
		UserRpc, ProductRpc zrpc.RpcClientConf
	}{},
	"pay.rpc": &struct {
		zrpc.RpcServerConf
		Mysql             mysqlConfig
		CacheRedis        cache.CacheConf
		UserRpc, OrderRpc zrpc.RpcClientConf
	}{},
	"user.api": &struct {
		rest.RestConf
		Auth    authConfig
		UserRpc zrpc.RpcClientConf
	}{},
	"product.api": &struct {
		rest.RestConf
		Auth       authConfig
		ProductRpc zrpc.RpcClientConf
	}{},
	"order.api": &struct {
		rest.RestConf
		Auth     authConfig
		OrderRpc zrpc.RpcClientConf
	}{},
	"pay.api": &struct {
		rest.RestConf
		Auth   authConfig
		PayRpc zrpc.RpcClientConf
	}{},
}

// printConfig loads a process's file and prints what go-zero made of it: interop config PROCESS FILE.
func printConfig(args []string) error {
	config := configs[args[0]]
	if config == nil {
		return fmt.Errorf("there is no process %s", args[0])
	}
	conf.MustLoad(args[1], config)
	return printLine(config)
}
