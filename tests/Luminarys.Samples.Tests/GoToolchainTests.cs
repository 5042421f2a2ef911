namespace Luminarys.Samples;

public sealed class GoToolchainTests
{
    private const string Program = """
        package main

        import (
        	"fmt"
        	"os"
        	"time"
        )

        func add(a, b int) int { return a + b }

        func main() {
        fmt.Println("sum", add(1, 2), os.Args[1:])
        	time.Sleep(10 * time.Minute)
        }

        """;

    private const string Tests = """
        package main

        import "testing"

        func TestAdd(t *testing.T) {
        	if add(1, 2) != 3 {
        		t.Fatal("not the sum")
        	}
        }

        """;

    // One test for what builds on another: the first build of a home is the slow one.
    [Fact]
    public async Task Module_FromItsBeginning_IsBuiltTestedAndRun()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        host.Write("main.go", Program);
        host.Write("main_test.go", Tests);

        Assert.Contains("example.com/app", await host.ResultAsync("mod_init", new { workdir, module = "example.com/app" }), StringComparison.Ordinal);
        Assert.Equal("ok", await host.ResultAsync("mod_tidy", new { workdir }));
        Assert.Equal("main.go", await host.ResultAsync("fmt", new { workdir }));
        Assert.Contains("\tfmt.Println(", host.Read("main.go"), StringComparison.Ordinal);
        Assert.Equal("ok", await host.ResultAsync("vet", new { workdir }));
        Assert.Equal("ok", await host.ResultAsync("build", new { workdir, output = "my app", tags = "one,two" }));

        var report = await host.ResultAsync("test", new { workdir, run = "Add$", verbose = "true", cover = "true" });
        Assert.Contains("--- PASS: TestAdd", report, StringComparison.Ordinal);
        Assert.Contains("coverage: ", report, StringComparison.Ordinal);
        Assert.Contains("no tests to run", await host.ResultAsync("test", new { workdir, pkg = ".", run = "Nothing" }), StringComparison.Ordinal);

        var program = await BackgroundProgram.StartAsync(host, "'./my app' -port 8080", host.PathOf("app.log"));
        Assert.Equal(host.PathOf("app.log"), program.LogFile);
        await program.AwaitLogAsync("sum 3 [-port 8080]");
        Assert.Contains("./my app -port 8080", await program.LineAsync(), StringComparison.Ordinal);
        Assert.Equal("ok", await host.ResultAsync("kill", new { pid = program.Pid, signal = "9" }));
        await program.AwaitEndAsync();
    }

    [Fact]
    public async Task Failures_OfTheTools_AreTextsThatSayWhy()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        host.Write("main.go", "package main\n\nfunc main() { undefinedThing() }\n");

        Assert.StartsWith("ERROR: go ended with exit code ", await host.ResultAsync("build", new { workdir }), StringComparison.Ordinal);
        await host.ResultAsync("mod_init", new { workdir, module = "example.com/app" });
        Assert.Contains("undefined: undefinedThing", await host.ResultAsync("build", new { workdir }), StringComparison.Ordinal);
        Assert.Contains("undefinedThing", await host.ResultAsync("vet", new { workdir }), StringComparison.Ordinal);
        Assert.StartsWith("ERROR: go ", await host.ResultAsync("get", new { workdir, pkg = "./nowhere" }), StringComparison.Ordinal);
        Assert.StartsWith("ERROR: pkg must not", await host.ResultAsync("get", new { workdir, pkg = "-u" }), StringComparison.Ordinal);
        Assert.StartsWith("ERROR: ./app ended with exit code 127", await host.ResultAsync("run", new { workdir, command = "./app" }), StringComparison.Ordinal);
        Assert.Contains("No such process", await host.ResultAsync("kill", new { pid = "1" }), StringComparison.Ordinal);
    }

    private static Task<SampleHost> StartAsync()
    {
        Programs.Need("go", "golang-go");
        Programs.Need("gofmt", "golang-go");
        Programs.Need("ps", "procps");
        return SampleHost.StartAsync("go-toolchain", CommittedManifest.Of("go-toolchain"));
    }
}
