using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Luminarys.Invocations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp.Stdio;

/// <summary>The session of standard input and output, over pipes.</summary>
public sealed class StdioSessionTests
{
    private const string Opening = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}
        {"jsonrpc":"2.0","method":"notifications/initialized"}

        """;

    private const string Call = """
        {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo__ping","arguments":{}}}

        """;

    [Fact]
    public async Task InputClosed_WhileACallRuns_CancelsTheCallAndStopsTheApplication()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (input, output) = (new Pipe(), new Pipe());
        using var host = await StartAsync(input, output, async (_, cancellationToken) =>
        {
            begun.SetResult();
            await using var registration = cancellationToken.Register(ended.SetResult);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return default;
        });
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var notice = stopping.Register(stopped.SetResult);

        await input.Writer.WriteAsync(Encoding.UTF8.GetBytes(Opening + Call), Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        await input.Writer.CompleteAsync();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Fact]
    public async Task Output_OfASession_HoldsNothingButMessages()
    {
        var (input, output) = (new Pipe(), new Pipe());
        using var host = await StartAsync(input, output, (_, _) => ValueTask.FromResult(InvocationResult.Success(FakeInvoker.Text("pong\nand more"))));
        await input.Writer.WriteAsync(Encoding.UTF8.GetBytes(Opening + Call), Token);
        using var reader = new StreamReader(output.Reader.AsStream());
        var answers = new List<JsonElement>();
        while (answers.Count < 2)
        {
            var line = await reader.ReadLineAsync(Token);
            answers.Add(JsonElement.Parse(line!));
        }

        Assert.All(answers, answer => Assert.Equal("2.0", answer.GetProperty("jsonrpc").GetString()));
        Assert.Contains(answers, answer => answer.GetRawText().Contains("pong", StringComparison.Ordinal));
        await input.Writer.CompleteAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<IHost> StartAsync(Pipe input, Pipe output, Func<Invocation, CancellationToken, ValueTask<InvocationResult>> answer)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(TestSkills.Registry(TestSkills.Skill("echo", TestSkills.Method("ping"))));
        builder.Services.AddSingleton<IInvoker>(new FakeInvoker { Answer = answer });
        builder.Services.AddLuminarysMcp(_ => { });
        builder.Services.AddHostedService(services => new StdioSession(
            services.GetRequiredService<IOptions<McpServerOptions>>(),
            services,
            services.GetRequiredService<IHostApplicationLifetime>(),
            TimeProvider.System,
            services.GetRequiredService<ILoggerFactory>())
        {
            Open = () => (input.Reader.AsStream(), output.Writer.AsStream()),
        });
        var host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }
}
