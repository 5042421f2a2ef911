using Luminarys.Cluster;
using Luminarys.Cluster.Transfers;
using Luminarys.Hosting;
using Luminarys.Manifests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// A slave from a configuration file, as the shipped program starts one, with the defences of the cluster protocol and of transfers that the further arguments
// name turned off.
var configuration = new HostConfigurationReader(Directory.GetCurrentDirectory(), ProcessEnvironment.Read()).Read(args[0]).Configuration
    ?? throw new InvalidOperationException("the configuration is not usable");
var off = args[1..];
var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
builder.Logging.AddSimpleConsole(options => options.SingleLine = true);
builder.Services.AddLuminarysNode(configuration);
builder.Services.Configure<SlaveOptions>(options => options.Defences = new()
{
    SpentNumbers = !off.Contains(nameof(ClusterDefences.SpentNumbers)),
    Tombstones = !off.Contains(nameof(ClusterDefences.Tombstones)),
    ClockEcho = !off.Contains(nameof(ClusterDefences.ClockEcho)),
});
builder.Services.Configure<SlaveOptions>(options => options.Transfers.Attempts = AttemptSettings.Standard with
{
    Defences = new()
    {
        MarkAfterFlush = !off.Contains(nameof(TransferDefences.MarkAfterFlush)),
        DoneAfterCommit = !off.Contains(nameof(TransferDefences.DoneAfterCommit)),
    },
});
await builder.Build().RunAsync();
