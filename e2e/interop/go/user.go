package main

import (
	"context"
	"sync"

	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/zrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

// business is the number of every business error of the Go mall; failure that of its database's.
const (
	business = 100
	failure  = 500
)

type userRow struct {
	id, gender             int64
	name, mobile, password string
}

func (row userRow) values() values {
	return values{"Id": row.id, "Name": row.name, "Gender": row.gender, "Mobile": row.mobile}
}

// users are those of the stand-in for user.rpc, in memory.
type users struct {
	mutex sync.Mutex
	rows  []userRow
}

// runUser stands in for user.rpc: interop user CONFIG PROTO.
func runUser(args []string) error {
	contract, err := loadContract(args[1])
	if err != nil {
		return err
	}
	var config zrpc.RpcServerConf
	conf.MustLoad(args[0], &config)
	all := &users{}
	server := zrpc.MustNewServer(config, func(server *grpc.Server) {
		register(server, contract, map[string]method{
			"Login":    all.login,
			"Register": all.register,
			"UserInfo": all.userInfo,
		})
	})
	defer server.Stop()
	server.Start()
	return nil
}

func (u *users) login(_ context.Context, in request) (values, error) {
	row, err := u.find(func(row userRow) bool { return row.mobile == in.text("Mobile") })
	if err != nil {
		return nil, err
	}
	if row.password != in.text("Password") {
		return nil, status.Error(business, "密码错误")
	}
	return row.values(), nil
}

func (u *users) register(_ context.Context, in request) (values, error) {
	mobile := in.text("Mobile")
	if _, err := u.find(func(row userRow) bool { return row.mobile == mobile }); err == nil {
		return nil, status.Error(business, "该用户已存在")
	}
	u.mutex.Lock()
	defer u.mutex.Unlock()
	row := userRow{int64(len(u.rows)) + 1, in.number("Gender"), in.text("Name"), mobile, in.text("Password")}
	u.rows = append(u.rows, row)
	return row.values(), nil
}

func (u *users) userInfo(_ context.Context, in request) (values, error) {
	row, err := u.find(func(row userRow) bool { return row.id == in.number("Id") })
	return row.values(), err
}

func (u *users) find(matches func(userRow) bool) (userRow, error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	for _, row := range u.rows {
		if matches(row) {
			return row, nil
		}
	}
	return userRow{}, status.Error(business, "用户不存在")
}
