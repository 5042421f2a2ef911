using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>What the programs of one skill have in common.</summary>
/// <param name="Services">The skill's services.</param>
/// <param name="Path">Directories of programs.</param>
/// <param name="Places">Home and temporary files.</param>
/// <param name="IsFenced">Whether the kernel fences programs in.</param>
/// <param name="Daemons">Those in the background. Owned by the function.</param>
internal sealed record ShellRoom(SkillServices Services, ImmutableArray<string> Path, ProgramPlaces Places, bool IsFenced, DaemonTable Daemons)
{
    private ShellDefences Defences { get; init; } = ShellDefences.All;

    /// <summary>Makes the places and ends what an earlier process has left.</summary>
    /// <exception cref="IOException">The state directory cannot be used.</exception>
    public static ShellRoom Make(SkillServices services, ImmutableArray<string> path, ShellDefences defences)
    {
        var places = ProgramPlaces.Make(services.Options.StateDirectory, services.Manifest.Id.Value);
        var isFenced = services.Options.ShellIsolation != ProgramIsolation.None;
        if (isFenced && !ProgramFence.IsSupported)
        {
            Log.ProgramLessProtected(services.Logger, services.Manifest.Id.Value, "no fence of the kernel");
            isFenced = false;
        }

        var adopts = services.Options.AdoptOrphans ? ProcessTree.AdoptOrphans(true) : ProcessTree.AdoptsOrphans;
        if (!adopts)
        {
            Log.OrphansGoElsewhere(services.Logger, services.Manifest.Id.Value);
        }

        var daemons = new DaemonTable(System.IO.Path.Combine(places.Daemons, services.Manifest.Id.Value), services.Time);
        return new(services, path, places, isFenced, daemons) { Defences = defences };
    }

    /// <summary>Tells the operator of a protection that the system did not give.</summary>
    public void Report(LaunchedProgram launched)
    {
        if (launched.Shortfall is { } shortfall)
        {
            Log.ProgramLessProtected(Services.Logger, Services.Manifest.Id.Value, shortfall);
        }
    }

    /// <summary>Plans the start of a program.</summary>
    public LaunchPlan Plan(string program, ImmutableArray<string> arguments, SafeFileHandle directory, long processorTime)
    {
        var mark = ProcessMark.Make();
        var environment = ProgramEnvironment.Make(Path, Places, Services.Manifest.Permissions.Environment, mark, Defences);
        return new(program, arguments, environment, directory, IsFenced ? FenceMaker.Make(Services.Manifest.Permissions, Path, Places) : null, mark)
        {
            ProcessorTime = processorTime,
            HasOwnNetwork = Services.Options.ShellIsolation == ProgramIsolation.Namespace,
        };
    }
}
