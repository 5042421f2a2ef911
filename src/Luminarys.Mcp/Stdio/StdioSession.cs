using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp.Stdio;

/// <summary>
/// The one session of standard input and output. Its end stops the application. A client that closes the input is gone: what it asked for last gets a moment to
/// be answered, for those who pipe a file in; then its calls are cancelled. The SDK's own service would wait for them.
/// </summary>
internal sealed class StdioSession(
    IOptions<McpServerOptions> options,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    /// <summary>Where requests come from and answers go.</summary>
    public Func<(Stream Input, Stream Output)> Open { get; init; } = () => (Console.OpenStandardInput(), Console.OpenStandardOutput());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var gone = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, gone.Token);
        try
        {
            var (input, output) = Open();
            var transport = new StreamServerTransport(new WatchedInput(input, () => gone.CancelAfter(s_grace)), output, options.Value.ServerInfo?.Name, loggers);
            await using (transport.ConfigureAwait(false))
            {
                var server = McpServer.Create(transport, options.Value, loggers, services);
                await using (server.ConfigureAwait(false))
                {
                    await server.RunAsync(ending.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The usual end.
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}
