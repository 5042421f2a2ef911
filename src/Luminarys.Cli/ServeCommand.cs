using System.Net.Sockets;
using Luminarys.Cli.Logs;
using Luminarys.Cluster;
using Luminarys.Hosting;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Luminarys.Cli;

/// <summary>Runs a node until it is told to stop.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(ConfigurationSource source, bool isStdio, TextWriter output, CancellationToken cancellationToken)
    {
        if (ConfigurationLoader.Load(source, output, ConfigurationSeverity.Warning) is not var (configuration, manifests))
        {
            return ExitCode.Configuration;
        }

        if (isStdio && configuration.Cluster?.Role == NodeRole.Slave)
        {
            await output.WriteLineAsync("error: -stdio: a slave serves no client; start it on the master");
            return ExitCode.Usage;
        }

        if (LogFile.FindProblem(configuration.Log.File) is { } problem)
        {
            await output.WriteLineAsync($"error: log.file: {problem}");
            return ExitCode.Configuration;
        }

        StartNotices.Write(configuration, isStdio, output);
        using var app = NodeApplication.Build(configuration, manifests, isStdio);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (NodeStartException exception)
        {
            return Report(exception.Fault, output);
        }
        catch (Exception exception) when (exception is SocketException
            or IOException { InnerException: SocketException or AggregateException or AddressInUseException })
        {
            await output.WriteLineAsync($"error: http.addr: cannot listen on {configuration.Http?.Address}: {exception.Message}");
            return ExitCode.Runtime;
        }

        catch (OperationCanceledException)
        {
            return ExitCode.Ok;
        }

        await app.WaitForShutdownAsync(cancellationToken);
        return FaultOf(app.Services) is { } fault ? Report(fault, output) : ExitCode.Ok;
    }

    private static NodeFault? FaultOf(IServiceProvider services)
    {
        var faulted = services.GetService<MasterNode>()?.Faulted ?? services.GetService<SlaveNode>()?.Faulted;
        return faulted is { IsCompletedSuccessfully: true } ? faulted.GetAwaiter().GetResult() : null;
    }

    private static int Report(NodeFault fault, TextWriter output)
    {
        output.WriteLine($"error: {fault.Error.ToCode()}: {fault.Message}");
        return fault.Error is InvocationError.NodeIdInUse or InvocationError.MasterConflict ? ExitCode.Identity : ExitCode.Runtime;
    }
}
