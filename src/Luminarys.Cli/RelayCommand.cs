using Luminarys.Cli.Logs;
using Luminarys.Hosting;
using Luminarys.Manifests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cli;

/// <summary>Runs a relay until it is told to stop. It needs neither the bus nor a skill.</summary>
internal static class RelayCommand
{
    public static async Task<int> RunAsync(ConfigurationSource source, TextWriter output, CancellationToken cancellationToken)
    {
        if (ConfigurationLoader.Load(source, output, ConfigurationSeverity.Warning) is not var (configuration, _))
        {
            return ExitCode.Configuration;
        }

        if (LogFile.FindProblem(configuration.Log.File) is { } problem)
        {
            await output.WriteLineAsync($"error: log.file: {problem}");
            return ExitCode.Configuration;
        }

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        try
        {
            builder.Services.AddLuminarysRelay(configuration);
        }
        catch (InvalidOperationException exception)
        {
            await output.WriteLineAsync($"error: {exception.Message}");
            return ExitCode.Configuration;
        }

        NodeApplication.AddLogging(builder, configuration);
        using var app = builder.Build();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            await output.WriteLineAsync($"error: {exception.Message}");
            return ExitCode.Runtime;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Ok;
        }

        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Ok;
    }
}
