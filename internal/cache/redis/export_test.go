package redis

// ConnectPool is Connect with another number of connections.
func ConnectPool(o Endpoint, connections int) (*Client, error) {
	u, err := o.universal()
	if err != nil {
		return nil, err
	}
	u.PoolSize = connections
	return newClient(u), nil
}
