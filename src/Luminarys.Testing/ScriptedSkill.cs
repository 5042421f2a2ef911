using System.Collections.Immutable;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Testing;

/// <summary>A skill made of C# delegates. Complete it before the runtime loads it; not thread-safe until then.</summary>
public sealed class ScriptedSkill
{
    private readonly Dictionary<string, ScriptedMethod> _bodies = new(StringComparer.Ordinal);
    private ImmutableArray<SkillMethod> _methods = [];
    private string _description = "";

    internal ScriptedSkill()
    {
    }

    internal Action<ISkillHost> Loaded { get; private set; } = _ => { };

    internal int Instances { get; private set; } = 1;

    internal int QueueLength { get; private set; } = 64;

    /// <summary>Describes the skill.</summary>
    public ScriptedSkill WithDescription(string description)
    {
        _description = description;
        return this;
    }

    /// <summary>Sets how many calls run at once and how many more may wait; the rest are answered <c>BUSY</c>. Default: 1 and 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one instance, or a negative queue length.</exception>
    public ScriptedSkill WithInstances(int instances, int queueLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(instances, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(queueLength);
        Instances = instances;
        QueueLength = queueLength;
        return this;
    }

    /// <summary>
    /// Gives the script what its node does for skills, at each load: to emit events and listen to them, to keep values, to call other skills.
    /// </summary>
    public ScriptedSkill WhenLoaded(Action<ISkillHost> loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        Loaded = loaded;
        return this;
    }

    /// <summary>Adds a method without parameters or description.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public ScriptedSkill WithMethod(string name, ScriptedMethod body) => WithMethod(new SkillMethod(name, "", []), body);

    /// <summary>Adds a method.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public ScriptedSkill WithMethod(SkillMethod method, ScriptedMethod body)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(body);
        _bodies.Add(method.Name, body);
        _methods = _methods.Add(method);
        return this;
    }

    internal SkillDescriptor Describe(SkillId id) => new(new PackageId($"scripted.{id}"), id.Value, "1.0.0", _description, _methods, [], 0);

    internal ScriptedMethod? Find(string method) => _bodies.GetValueOrDefault(method);
}
