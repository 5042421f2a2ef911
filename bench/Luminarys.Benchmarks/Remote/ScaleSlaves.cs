using Luminarys.Cluster;
using Luminarys.Events;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.Testing;
using Luminarys.Transport.Nats;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Benchmarks.Remote;

/// <summary>Many whole slaves in one process; only their skills are scripts.</summary>
internal sealed class ScaleSlaves : IPartnerRole
{
    public const string Role = "scale-slaves";
    public const int Nodes = 200;
    public const int SkillsPerNode = 50;

    private static readonly string[] s_parameters = ["text", "language"];

    private readonly List<ServiceProvider> _nodes;

    private ScaleSlaves(List<ServiceProvider> nodes) => _nodes = nodes;

    /// <summary>Builds the nodes; they start when they are told to <c>go</c>.</summary>
    public static Task<IPartnerRole> CreateAsync(string url) =>
        Task.FromResult<IPartnerRole>(new ScaleSlaves([.. Enumerable.Range(0, Nodes).Select(node => Build(url, node))]));

    public async Task<string> AnswerAsync(string question)
    {
        var faults = await Task.WhenAll(_nodes.Select(node => node.GetRequiredService<SlaveNode>().StartAsync(CancellationToken.None).AsTask()));
        return faults.FirstOrDefault(fault => fault is not null)?.Message ?? "";
    }

    // The process ends with everything in it; a farewell of each node is not what is measured.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ServiceProvider Build(string url, int node)
    {
        var runtime = new ScriptedRuntime();
        var manifests = new List<Manifest>();
        for (var skill = 0; skill < SkillsPerNode; skill++)
        {
            var id = $"skill-{node}-{skill}";
            var parameters = s_parameters.Select(name => new SkillParameter(name, ParameterType.String, $"The {name} to work on.", true, []));
            var method = new SkillMethod("work", "Does a piece of work on a text and says what came of it.", [.. parameters]);
            runtime.AddSkill(id, script => script.WithMethod(method, (_, _) => new(InvocationResult.Success(new byte[] { 0xc0 }))));
            manifests.Add(new(new(id), "", ""));
        }

        return new ServiceCollection()
            .AddLogging()
            .AddNatsBus(options => options.Url = url)
            .AddSlaveNode(options => options.NodeId = $"slave-{node}")
            .AddSingleton<ISkillRuntime>(runtime)
            .AddSingleton<IManifestSource>(new FixedManifests(manifests))
            .AddSingleton<IEventPublisher>(new Nobody())
            .BuildServiceProvider();
    }

    private sealed class FixedManifests(List<Manifest> manifests) : IManifestSource
    {
        public ValueTask<IReadOnlyList<ManifestResult>> ReadAsync(CancellationToken cancellationToken) =>
            new([.. manifests.Select(manifest => new ManifestResult(manifest.Id.Value, manifest, []))]);
    }

    private sealed class Nobody : IEventPublisher
    {
        public ValueTask PublishAsync(IDomainEvent domainEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
