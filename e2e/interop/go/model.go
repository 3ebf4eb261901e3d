package main

import (
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"time"

	_ "github.com/go-sql-driver/mysql"
	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/core/stores/cache"
	"github.com/zeromicro/go-zero/core/stores/sqlc"
	"github.com/zeromicro/go-zero/core/stores/sqlx"
)

const (
	payID      = "cache:pay:id:"
	payOid     = "cache:pay:oid:"
	payRows    = "`id`,`uid`,`oid`,`amount`,`source`,`status`,`create_time`,`update_time`"
	userID     = "cache:user:id:"
	userMobile = "cache:user:mobile:"
	userRows   = "`id`,`name`,`gender`,`mobile`,`password`,`create_time`,`update_time`"
)

type payRow struct {
	Id         int64     `db:"id"`
	Uid        int64     `db:"uid"`
	Oid        int64     `db:"oid"`
	Amount     int64     `db:"amount"`
	Source     int64     `db:"source"`
	Status     int64     `db:"status"`
	CreateTime time.Time `db:"create_time"`
	UpdateTime time.Time `db:"update_time"`
}

type modelUser struct {
	Id         int64     `db:"id"`
	Name       string    `db:"name"`
	Gender     int64     `db:"gender"`
	Mobile     string    `db:"mobile"`
	Password   string    `db:"password"`
	CreateTime time.Time `db:"create_time"`
	UpdateTime time.Time `db:"update_time"`
}

// models are the seed's cached models of pay and user, as goctl makes them.
type models struct{ sqlc.CachedConn }

// runModel answers {"op":"payById","id":1} and the like over the seed's cached models.
func runModel(args []string) error {
	flags := flag.NewFlagSet("model", flag.ExitOnError)
	file := flags.String("f", "", "configuration: Mysql and CacheRedis")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var config struct {
		Mysql      struct{ DataSource string }
		CacheRedis cache.CacheConf
	}
	conf.MustLoad(*file, &config)
	all := models{sqlc.NewConn(sqlx.NewMysql(config.Mysql.DataSource), config.CacheRedis)}
	return answerLines(all.answer)
}

type modelCall struct {
	Op     string
	ID     int64
	Oid    int64
	Mobile string
	Pay    payRow
	User   modelUser
}

func (m models) answer(line []byte) (interface{}, error) {
	var call modelCall
	if err := json.Unmarshal(line, &call); err != nil {
		return nil, err
	}
	switch call.Op {
	case "payById":
		return m.payByID(call.ID)
	case "payByOid":
		return m.payByOid(call.Oid)
	case "insertPay":
		return m.insertPay(call.Pay)
	case "updatePay":
		return m.updatePay(call.Pay)
	case "userById":
		return m.userByID(call.ID)
	case "userByMobile":
		return m.userByMobile(call.Mobile)
	case "updateUser":
		return m.updateUser(call.User)
	}
	return nil, fmt.Errorf("there is no %s", call.Op)
}

func (m models) payByID(id int64) (interface{}, error) {
	var row payRow
	err := m.QueryRow(&row, payID+fmt.Sprint(id), func(conn sqlx.SqlConn, v interface{}) error {
		return conn.QueryRow(v, "select "+payRows+" from `pay` where `id` = ? limit 1", id)
	})
	return row, err
}

// payByOid is the seed's own: it keeps the whole row under the order (service/pay/model/paymodel.go).
func (m models) payByOid(oid int64) (interface{}, error) {
	var row payRow
	err := m.QueryRow(&row, payOid+fmt.Sprint(oid), func(conn sqlx.SqlConn, v interface{}) error {
		return conn.QueryRow(v, "select "+payRows+" from `pay` where `oid` = ? limit 1", oid)
	})
	return row, err
}

// insertPay deletes the entry of the id that the row does not have yet, as goctl's insert does.
func (m models) insertPay(row payRow) (interface{}, error) {
	result, err := m.Exec(func(conn sqlx.SqlConn) (sql.Result, error) {
		return conn.Exec("insert into `pay` (`uid`,`oid`,`amount`,`source`,`status`) values (?, ?, ?, ?, ?)",
			row.Uid, row.Oid, row.Amount, row.Source, row.Status)
	}, payID+fmt.Sprint(row.Id))
	if err != nil {
		return nil, err
	}
	row.Id, err = result.LastInsertId()
	return row, err
}

func (m models) updatePay(row payRow) (interface{}, error) {
	_, err := m.Exec(func(conn sqlx.SqlConn) (sql.Result, error) {
		return conn.Exec("update `pay` set `uid`=?,`oid`=?,`amount`=?,`source`=?,`status`=? where `id` = ?",
			row.Uid, row.Oid, row.Amount, row.Source, row.Status, row.Id)
	}, payID+fmt.Sprint(row.Id), payOid+fmt.Sprint(row.Oid))
	return row, err
}

func (m models) userByID(id int64) (interface{}, error) {
	var row modelUser
	err := m.QueryRow(&row, userID+fmt.Sprint(id), func(conn sqlx.SqlConn, v interface{}) error {
		return m.readUser(conn, v, id)
	})
	return row, err
}

func (m models) readUser(conn sqlx.SqlConn, v, primary interface{}) error {
	return conn.QueryRow(v, "select "+userRows+" from `user` where `id` = ? limit 1", primary)
}

func (m models) userByMobile(mobile string) (interface{}, error) {
	var row modelUser
	key := func(primary interface{}) string { return userID + fmt.Sprint(primary) }
	index := func(conn sqlx.SqlConn, v interface{}) (interface{}, error) {
		query := "select " + userRows + " from `user` where `mobile` = ? limit 1"
		if err := conn.QueryRow(&row, query, mobile); err != nil {
			return nil, err
		}
		return row.Id, nil
	}
	err := m.QueryRowIndex(&row, userMobile+mobile, key, index, m.readUser)
	return row, err
}

func (m models) updateUser(row modelUser) (interface{}, error) {
	_, err := m.Exec(func(conn sqlx.SqlConn) (sql.Result, error) {
		return conn.Exec("update `user` set `name`=?,`gender`=?,`mobile`=?,`password`=? where `id` = ?",
			row.Name, row.Gender, row.Mobile, row.Password, row.Id)
	}, userID+fmt.Sprint(row.Id), userMobile+row.Mobile)
	return row, err
}
