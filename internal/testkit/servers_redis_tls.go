package testkit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// authority vouches for the servers of one test.
type authority struct {
	caFile, certFile, keyFile string
	client                    *tls.Config // of clients that trust it
}

// newAuthority makes an authority that only this test trusts, and a certificate from it for 127.0.0.1.
func newAuthority(tb testing.TB) *authority {
	tb.Helper()
	dir := tb.TempDir()
	a := &authority{filepath.Join(dir, "ca.pem"), filepath.Join(dir, "server.pem"), filepath.Join(dir, "server.key"), nil}
	root, rootKey := certificate(tb, &x509.Certificate{
		Subject: pkix.Name{CommonName: "authority of a test"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil, nil)
	server, serverKey := certificate(tb, &x509.Certificate{
		Subject: pkix.Name{CommonName: "server of a test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, root, rootKey)
	secret, err := x509.MarshalPKCS8PrivateKey(serverKey)
	Must(tb, err)
	writePEM(tb, a.caFile, "CERTIFICATE", root.Raw)
	writePEM(tb, a.certFile, "CERTIFICATE", server.Raw)
	writePEM(tb, a.keyFile, "PRIVATE KEY", secret)
	roots := x509.NewCertPool()
	roots.AddCert(root)
	a.client = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	return a
}

// certificate signs a certificate, by itself where there is no parent.
func certificate(tb testing.TB, template, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	Must(tb, err)
	if parent == nil {
		parent, signer = template, key
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	Must(tb, err)
	signed, err := x509.ParseCertificate(raw)
	Must(tb, err)
	return signed, key
}

func writePEM(tb testing.TB, path, what string, raw []byte) {
	tb.Helper()
	Must(tb, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: what, Bytes: raw}), 0o600))
}

// arguments make a server speak TLS alone, with clients, replicas, sentinels and the other nodes of a cluster.
func (a *authority) arguments() []string {
	return []string{
		"--tls-ca-cert-file", a.caFile, "--tls-cert-file", a.certFile, "--tls-key-file", a.keyFile,
		"--tls-auth-clients", "no", "--tls-replication", "yes", "--tls-cluster", "yes",
	}
}
