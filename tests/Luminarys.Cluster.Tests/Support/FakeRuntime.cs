using System.Collections.Concurrent;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.Trust;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>Runs C# instead of guests, and counts how often each call began.</summary>
internal sealed class FakeRuntime : ISkillRuntime
{
    private readonly ConcurrentDictionary<SkillId, Func<Invocation, CancellationToken, ValueTask<InvocationResult>>> _skills = new();

    public ConcurrentDictionary<CallId, int> Begun { get; } = new();

    public ConcurrentQueue<Invocation> Invocations { get; } = new();

    /// <summary>What the node does for the skills that were loaded.</summary>
    public ISkillHost Host { get; private set; } = null!;

    /// <summary>Digest of every skill that is loaded next.</summary>
    public PackageDigest Digest { get; set; } = PackageDigest.Of("one"u8);

    /// <summary>Who signed every skill that is loaded next; null for nobody.</summary>
    public KeyId? Signer { get; set; }

    /// <summary>What calls do; echoes by default.</summary>
    public Func<Invocation, CancellationToken, ValueTask<InvocationResult>> Body { get; set; } =
        (invocation, _) => new(InvocationResult.Success(invocation.Payload));

    public ValueTask<SkillLoadResult> LoadAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        if (manifest.Source == "broken")
        {
            return new(SkillLoadResult.Failed("no such file"));
        }

        Host = host;
        Hosts[manifest.Id.Value] = host;
        _skills[manifest.Id] = (invocation, token) => Body(invocation, token);
        return new(SkillLoadResult.Loaded(Samples.Skill(manifest.Id.Value, Digest) with { Signer = Signer }, []));
    }

    /// <summary>What the node gave the skill at its last load.</summary>
    public ConcurrentDictionary<string, ISkillHost> Hosts { get; } = new();

    public bool Has(string skill) => _skills.ContainsKey(new(skill));

    /// <summary>Skills that may run what they have scheduled.</summary>
    public ConcurrentQueue<SkillId> Active { get; } = new();

    public ValueTask<SkillLoadResult> ReplaceAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken) =>
        _skills.ContainsKey(manifest.Id) ? LoadAsync(manifest, host, cancellationToken) : new(SkillLoadResult.Failed("not loaded"));

    public void Activate(SkillId skill) => Active.Enqueue(skill);

    public bool ReturnsAtOnce { get; set; }

    public async ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        Begun.AddOrUpdate(invocation.Id, 1, (_, count) => count + 1);
        Invocations.Enqueue(invocation);
        return _skills.TryGetValue(invocation.Skill, out var skill)
            ? await skill(invocation, cancellationToken)
            : InvocationResult.Failure(InvocationError.NoSuchSkill, "not loaded");
    }

    public ValueTask<bool> UnloadAsync(SkillId skill, CancellationToken cancellationToken) => new(_skills.TryRemove(skill, out _));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
