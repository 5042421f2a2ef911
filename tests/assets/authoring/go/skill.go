// Package main is a skill.
//
// @skill:id      com.example.all
// @skill:name    "All kinds"
// @skill:version 1.2.3
// @skill:desc    "One method of each form."
// @skill:require fs /data/**:rw
//
//go:generate lmsk -lang go -verbose .
package main

import (
	"errors"

	sdk "github.com/LuminarysAI/sdk-go"
)

// Ping answers.
//
// @skill:method ping "Answer."
func Ping() string { return "pong" }

// @skill:method find "Find something."
// @skill:param  path    required "Where"
// @skill:param  pattern optional "What" default:"*.go" example:**/*.go
// @skill:param  limit   optional "How many" default:10
// @skill:result "What was found"
func Find(_ *sdk.Context, path, pattern string, limit int) (string, error) {
	return path + pattern, nil
}

// @skill:method mix "Take one of each."
// @skill:param  ratio "A share" default:0.5
// @skill:param  flag  "Yes or no"
// @skill:param  bytes "Some bytes"
// @skill:param  names "Names"
// @skill:param  ids   "Numbers"
// @skill:param  more  "Anything"
func mix(
	ctx *sdk.Context,
	ratio float64, flag bool, // two of them
	bytes []byte, names []string, ids []int64,
	more map[string]interface{},
) (count int64, err error) {
	return 0, errors.New("no")
}

// @skill:method forget "Return only an error."
// @skill:internal
func forget(ctx *sdk.Context) error { return nil }

// @skill:method on_data "Data of a connection."
// @skill:callback
func onData(ctx *sdk.Context, payload []byte) {}
