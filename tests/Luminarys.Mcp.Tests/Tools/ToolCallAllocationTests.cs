using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Mcp.Arguments;
using Luminarys.Mcp.Files;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

public sealed class ToolCallAllocationTests
{
    // Without optimization every asynchronous call is an object of its own.
    private static readonly bool s_isOptimized =
        typeof(ToolCallHandler).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled != true;

    [Fact]
    public async Task CallAsync_SmallText_AllocatesAboutOneKilobyte()
    {
        var invoker = new FixedInvoker();
        var options = Options.Create(new McpEdgeOptions());
        var catalog = new ToolCatalog(
            TestSkills.Registry(TestSkills.Skill("echo", TestSkills.Method("echo", TestSkills.Parameter("message", required: true)))),
            new(options, NullLogger<ToolPins>.Instance),
            options,
            NullLogger<ToolCatalog>.Instance);
        using var store = new FileStore(options, FileLimits.Default, FileDefences.All, TimeProvider.System, NullLogger<FileStore>.Instance);
        var handler = new ToolCallHandler(
            catalog,
            new(store, NullLogger<ToolArguments>.Instance),
            invoker,
            new(new(store), options, NullLogger<ToolResultMapper>.Instance),
            new(options, TimeProvider.System),
            NullLogger<ToolCallHandler>.Instance);
        var call = new CallToolRequestParams
        {
            Name = "echo__echo",
            Arguments = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"message":"hello"}"""),
        };
        const int Rounds = 2000;

        long perCall = 0;
        for (var pass = 0; pass < 2; pass++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < Rounds; round++)
            {
                var task = handler.CallAsync(call, new("", "", false) { Scopes = OAuth.GrantedScopes.All }, TestContext.Current.CancellationToken);
                Assert.True(task.IsCompletedSuccessfully);
                await task;
            }

            perCall = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{perCall} B for each call");
        Assert.InRange(perCall, 1, s_isOptimized ? 1152 : 2304);
    }

    private sealed class FixedInvoker : IInvoker
    {
        private readonly InvocationResult _result = InvocationResult.Success(FakeInvoker.Text("hello")) with { Node = TestSkills.NodeId };

        public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) => new(_result);
    }
}
