using System.Runtime.InteropServices;
using Luminarys.Cluster;
using Luminarys.Hosting;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Cli.Transfers;

/// <summary>An operator's command while it is connected to a cluster.</summary>
internal static class OperatorSession
{
    /// <summary>Connects as the configuration says, runs the command, and answers its exit code. The token of the command is cancelled by the first Ctrl-C; the second one ends the process.</summary>
    public static async Task<int> RunAsync(
        ConfigurationSource source, TextWriter errors, Func<TransferClient, CancellationToken, Task<int>> command)
    {
        if (ConfigurationLoader.Load(source, errors, ConfigurationSeverity.Warning, isForOperator: true) is not var (configuration, _))
        {
            return ExitCode.Configuration;
        }

        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            services.AddLuminarysOperator(configuration);
            await using var provider = services.BuildServiceProvider();
            var client = provider.GetRequiredService<TransferClient>();
            if (await client.StartAsync(stop.Token) is { } fault)
            {
                await errors.WriteLineAsync($"error: {fault.Error.ToCode()}: {fault.Message}");
                return ExitCode.Runtime;
            }

            return await command(client, stop.Token);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OptionsValidationException)
        {
            await errors.WriteLineAsync($"error: {exception.Message}");
            return ExitCode.Configuration;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Cancelled;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}
