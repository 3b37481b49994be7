package store

// RelayBatch is how many rows of the outbox are read at once.
const RelayBatch = relayBatch
