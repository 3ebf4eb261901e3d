// Command stripe-mock serves Stripe's own mock, which knows every operation and parameter of Stripe's API description,
// on the address of loopback that it is given.
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/stripe/stripe-mock/embedded"
	"github.com/stripe/stripe-mock/server"
)

func main() {
	spec, err := server.LoadSpec(embedded.OpenAPISpec, "")
	if err != nil {
		log.Fatal(err)
	}
	fixtures, err := server.LoadFixtures(embedded.OpenAPIFixtures, "")
	if err != nil {
		log.Fatal(err)
	}
	stub, err := server.NewStubServer(fixtures, spec, false, false)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(os.Args[1], http.HandlerFunc(stub.HandleRequest)))
}
