package main

import (
	"context"
	"sync"

	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/zrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

type orderConfig struct {
	zrpc.RpcServerConf
	UserRpc    zrpc.RpcClientConf
	ProductRpc zrpc.RpcClientConf
}

// orders are those of the stand-in for order.rpc, in memory: uid, pid, amount and status by id.
type orders struct {
	mutex         sync.Mutex
	rows          map[int64]values
	user, product neighbour
}

// neighbour is a service that the stand-in calls.
type neighbour struct {
	client   zrpc.Client
	contract protoreflect.ServiceDescriptor
}

func (n neighbour) call(ctx context.Context, name string, fields values) (request, error) {
	definition := n.contract.Methods().ByName(protoreflect.Name(name))
	out := dynamicpb.NewMessage(definition.Output())
	path := fullName(string(n.contract.FullName()), definition)
	err := n.client.Conn().Invoke(ctx, path, newMessage(definition.Input(), fields), out)
	return request{out}, err
}

// runOrder stands in for order.rpc: interop order CONFIG ORDER_PROTO USER_PROTO PRODUCT_PROTO.
func runOrder(args []string) error {
	contracts := make([]protoreflect.ServiceDescriptor, 3)
	for i := range contracts {
		contract, err := loadContract(args[i+1])
		if err != nil {
			return err
		}
		contracts[i] = contract
	}
	var config orderConfig
	conf.MustLoad(args[0], &config)
	all := &orders{
		rows:    map[int64]values{},
		user:    neighbour{zrpc.MustNewClient(config.UserRpc), contracts[1]},
		product: neighbour{zrpc.MustNewClient(config.ProductRpc), contracts[2]},
	}
	server := zrpc.MustNewServer(config.RpcServerConf, func(server *grpc.Server) {
		register(server, contracts[0], map[string]method{
			"Create": all.create,
			"Detail": all.detail,
			"List":   all.list,
			"Paid":   all.paid,
		})
	})
	defer server.Stop()
	server.Start()
	return nil
}

// create writes the product back with one piece less, whole, as the seed does.
func (o *orders) create(ctx context.Context, in request) (values, error) {
	if _, err := o.user.call(ctx, "UserInfo", values{"Id": in.number("Uid")}); err != nil {
		return nil, err
	}
	product, err := o.product.call(ctx, "Detail", values{"id": in.number("Pid")})
	if err != nil {
		return nil, err
	}
	stock := product.number("Stock")
	if stock <= 0 {
		return nil, status.Error(failure, "产品库存不足")
	}
	if _, err := o.product.call(ctx, "Update", values{
		"id": product.number("id"), "Name": product.text("Name"), "Desc": product.text("Desc"),
		"Stock": stock - 1, "Amount": product.number("Amount"), "Status": product.number("Status"),
	}); err != nil {
		return nil, err
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	id := int64(len(o.rows)) + 1
	o.rows[id] = values{"id": id, "Uid": in.number("Uid"), "Pid": in.number("Pid"),
		"Amount": in.number("Amount"), "Status": int64(0)}
	return values{"id": id}, nil
}

func (o *orders) detail(_ context.Context, in request) (values, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.find(in.number("id"))
}

func (o *orders) list(ctx context.Context, in request) (values, error) {
	if _, err := o.user.call(ctx, "UserInfo", values{"Id": in.number("uid")}); err != nil {
		return nil, err
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	var found []values
	for _, row := range o.rows {
		if row["Uid"] == in.number("uid") {
			found = append(found, row)
		}
	}
	return values{"data": found}, nil
}

func (o *orders) paid(_ context.Context, in request) (values, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	row, err := o.find(in.number("id"))
	if err != nil {
		return nil, err
	}
	row["Status"] = int64(1)
	return values{}, nil
}

func (o *orders) find(id int64) (values, error) {
	if row, ok := o.rows[id]; ok {
		return row, nil
	}
	return nil, status.Error(business, "订单不存在")
}
