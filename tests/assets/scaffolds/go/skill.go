// Package main is a skill.
//
// @skill:id      com.example.word-tools
// @skill:name    "Word Tools"
// @skill:version 0.1.0
// @skill:desc    "Greets people."
//
//go:generate lmsk generate -lang go .
package main

import (
	"strings"

	sdk "github.com/LuminarysAI/sdk-go"
)

// Greet says hello.
//
// @skill:method greet "Say hello to somebody, once or more often."
// @skill:param  name  required "Who is greeted" example:Ada
// @skill:param  times optional "How often" default:1
// @skill:result "One greeting a line"
func Greet(_ *sdk.Context, name string, times int) (string, error) {
	lines := make([]string, 0, times)
	for i := 0; i < times; i++ {
		lines = append(lines, "Hello, "+name+"!")
	}
	return strings.Join(lines, "\n"), nil
}
