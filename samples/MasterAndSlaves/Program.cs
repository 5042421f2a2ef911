// The cluster of samples/Clustering in a folder of its own: a master with MCP at /mcp and two slaves, with signed skills. With a NATS server on this
// machine each node is a process of its own, started from the YAML files of the sample; without one, the three share this process and an in-process bus.
using MasterAndSlaves;

if (DemoArguments.Parse(args) is not { } arguments)
{
    await Console.Error.WriteLineAsync("usage: ./demo [--port N] [--once]");
    return 1;
}

using var stop = new CancellationTokenSource();
using var signals = new StopSignals(stop);

try
{
    var files = new DemoFiles(arguments.Port);
    await using var cluster = await DemoCluster.StartAsync(files, stop.Token);
    await cluster.WhileAliveAsync(new SelfCheck(files).RunAsync, stop.Token);
    ConnectHint.Print(files.Endpoint, files.Token);
    if (!arguments.Once)
    {
        Console.WriteLine("Ctrl-C ends the cluster.");
        await cluster.WhileAliveAsync(token => Task.Delay(Timeout.Infinite, token), stop.Token);
    }

    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (DemoException problem)
{
    await Console.Error.WriteLineAsync($"error: {problem.Message}");
    return 2;
}
