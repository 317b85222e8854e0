// A registry in memory with everything that OCI distribution 1.1 has: deletion of tags, the referrers API, OCI-Subject.
package main

import (
	"flag"
	"log"
	"net"
	"net/http"

	"cuelabs.dev/go/oci/ociregistry/ocimem"
	"cuelabs.dev/go/oci/ociregistry/ociserver"
)

func main() {
	address := flag.String("address", "127.0.0.1:0", "where to listen")
	flag.Parse()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, ociserver.New(ocimem.New(), nil)))
}
