module example.com/word-tools

go 1.25

require (
	github.com/LuminarysAI/sdk-go v0.2.0
	github.com/vmihailenco/msgpack/v5 v5.4.1
)
