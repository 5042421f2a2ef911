using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Commands;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Puts together what stands around the instances of one skill.</summary>
internal sealed class SkillAssembler(RuntimeSetting setting)
{
    /// <summary>Makes the judge of a skill's acts.</summary>
    public PermissionGate CreateGate(Manifest manifest) => new(manifest, setting.Logger, setting.Time, setting.Ports.Audit, observer: setting.Ports.Observer);

    /// <summary>Makes a skill's surroundings. Nothing of it runs before the skill is bound to its callbacks.</summary>
    /// <exception cref="IOException">Its inbox cannot be made.</exception>
    public (GuestContext Context, SkillBackground Background) Assemble(Manifest manifest, PermissionGate gate, ISkillHost host, List<string> warnings)
    {
        manifest = manifest with { Permissions = SkillInbox.Grant(manifest, setting.Options.InboxDirectory, setting.Time) };
        var memory = manifest.Limits.MemoryMegabytes ?? setting.Options.MemoryLimitMegabytes;
        var log = new SkillLog(manifest, setting.Logger, setting.Time, setting.Options.SkillLog);
        var work = new WorkCount();
        var callbacks = new SkillCallbacks(manifest.Id, work, setting.Time, setting.Logger);
        var services = new SkillServices
        {
            Manifest = manifest,
            Options = setting.Options,
            Gate = gate,
            Log = log,
            Logger = setting.Logger,
            Time = setting.Time,
            Files = setting.Ports.Files,
            Host = host,
            Callbacks = callbacks,
            GrantedFiles = setting.Ports.Files.Grant(manifest.Permissions.Directories, warnings),
            MaxAnswerBytes = GuestContext.MaxHostAnswerOf(memory),
            LanguageModel = setting.Ports.LanguageModel,
        };
        var schedules = new SkillSchedules(manifest.Id, setting.Ports.States, callbacks, setting.Time, setting.Logger);
        var subscriptions = new SkillSubscriptions(host, callbacks);
        var executor = new CommandExecutor(services, callbacks, schedules, subscriptions, setting.FanOut);
        var commands = new CommandRunner(manifest.Id, executor, setting.FanOut, (long)memory << 20, setting.Logger) { Work = work };
        var functions = new SkillFunctions(services);
        var context = new GuestContext(manifest, memory, log, setting.Logger, setting.Time, functions)
        {
            State = new SkillState(manifest.Id, setting.Ports.States, setting.Logger),
            Commands = commands,
            Budget = setting.Budget,
            Observer = setting.Ports.Observer,
        };
        return (context, new SkillBackground(functions, callbacks, commands, schedules, subscriptions) { Work = work });
    }

    /// <summary>Judges which of its calls begin, once it is known what it is.</summary>
    public CallAdmission Admit(Manifest manifest, PermissionGate gate, SkillDescriptor descriptor)
    {
        var longest = manifest.Limits.Timeout is { } limit && limit < setting.Options.InvokeTimeout ? limit : setting.Options.InvokeTimeout;
        return new CallAdmission(manifest, descriptor, longest, setting.Time, gate);
    }
}
