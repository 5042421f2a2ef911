using Luminarys.Cluster;
using Luminarys.Hosting;
using Luminarys.Invocations;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Luminarys.Benchmarks.Remote;

/// <summary>
/// A whole node with an echo skill that does next to nothing (the guest in text format): what a call costs is then what the host and the wire add.
/// </summary>
internal sealed class EchoNode : IPartnerRole
{
    public const string Role = "slave";
    public const string SkillHere = "echo-here";
    public const string SkillThere = "echo-there";

    /// <summary>Calls that may be on their way at once: more than the benchmark has.</summary>
    private const int Places = 1024;

    private readonly IHost _host;
    private readonly IInvoker? _invoker;
    private readonly TimeProvider _time = TimeProvider.System;

    private EchoNode(IHost host)
    {
        _host = host;
        _invoker = host.Services.GetService<IInvoker>();
    }

    public static async Task<IPartnerRole> StartSlaveAsync(string url, string folder) => await StartAsync(url, folder, SkillThere, services => services
        .Configure<SlaveOptions>(options => options.MaxConcurrentCalls = Places).AddLuminarysSlave(options => options.NodeId = "slave"));

    public static Task<EchoNode> StartMasterAsync(string url, string folder) =>
        StartAsync(url, folder, SkillHere, services => services.AddLuminarysMaster(options => options.NodeId = "master"));

    /// <summary>Completes when the master knows the slave's skill.</summary>
    public async Task MeetSlaveAsync()
    {
        var registry = _host.Services.GetRequiredService<SkillRegistry>();
        while (registry.Current.Find(new SkillId(SkillThere)) is null)
        {
            await Task.Delay(20);
        }
    }

    /// <summary>Calls the echo of 64 bytes.</summary>
    public async ValueTask CallAsync(string skill)
    {
        var result = await _invoker!.InvokeAsync(LocalInvocation.EchoOf64Bytes(skill, _time), CancellationToken.None);
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException($"{result.Error}: {result.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static async Task<EchoNode> StartAsync(string url, string folder, string skill, Func<IServiceCollection, ILuminarysBuilder> add)
    {
        var (manifest, module) = (Path.Combine(folder, skill + ".yaml"), Path.Combine(folder, skill + ".wasm"));
        await File.WriteAllBytesAsync(module, Wasmtime.Module.ConvertText(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "echo.wat"))));
        await File.WriteAllTextAsync(manifest, $"id: {skill}\npath: {module}\npermissions: {{}}\n");
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        add(builder.Services).UseNats(options => options.Url = url).UseWasm(options => options.QueueLength = Places).AddManifests(manifest);
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }
}
