package main

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v4"
	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/rest"
	"github.com/zeromicro/go-zero/rest/httpx"
)

type apiConfig struct {
	rest.RestConf
	Auth struct {
		AccessSecret string
		AccessExpire int64
	}
}

// runAPI serves what an api process of the seed does with tokens: interop api CONFIG. /login gives one for
// the uid of the request, /userinfo says whose the token is that it is called with.
func runAPI(args []string) error {
	var config apiConfig
	conf.MustLoad(args[0], &config)
	server := rest.MustNewServer(config.RestConf)
	defer server.Stop()
	server.AddRoute(rest.Route{Method: http.MethodPost, Path: "/login", Handler: config.login})
	server.AddRoutes([]rest.Route{{Method: http.MethodPost, Path: "/userinfo", Handler: userInfo}},
		rest.WithJwt(config.Auth.AccessSecret))
	server.Start()
	return nil
}

func (config apiConfig) login(writer http.ResponseWriter, request *http.Request) {
	var body struct {
		Uid int64 `json:"uid"`
	}
	if err := httpx.Parse(request, &body); err != nil {
		httpx.Error(writer, err)
		return
	}
	now := time.Now().Unix()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"exp": now + config.Auth.AccessExpire, "iat": now, "uid": body.Uid,
	})
	signed, err := token.SignedString([]byte(config.Auth.AccessSecret))
	if err != nil {
		httpx.Error(writer, err)
		return
	}
	httpx.OkJson(writer, map[string]string{"accessToken": signed})
}

// userInfo takes the claim as the seed does.
func userInfo(writer http.ResponseWriter, request *http.Request) {
	uid, err := request.Context().Value("uid").(json.Number).Int64()
	if err != nil {
		httpx.Error(writer, err)
		return
	}
	httpx.OkJson(writer, map[string]int64{"uid": uid})
}
