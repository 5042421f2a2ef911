using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>What the programs of one skill have in common.</summary>
/// <param name="Services">The skill's services.</param>
/// <param name="Path">Directories of programs.</param>
/// <param name="Places">Home and temporary files.</param>
/// <param name="Grants">What the kernel's fence opens beside the skill's own places; null for no fence. Owned by the room.</param>
/// <param name="Daemons">Those in the background. Owned by the function.</param>
internal sealed record ShellRoom(SkillServices Services, ImmutableArray<string> Path, ProgramPlaces Places, FencedGrants? Grants, DaemonTable Daemons)
    : IDisposable
{
    private ShellDefences Defences { get; init; } = ShellDefences.All;

    /// <summary>Where a program runs when neither the skill nor its manifest says.</summary>
    public string Standard => Grants is null ? Environment.CurrentDirectory : Places.Home;

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
        return new(services, path, places, isFenced ? Enclose(services, defences) : null, daemons) { Defences = defences };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Daemons.Dispose();
        Grants?.Dispose();
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
        return new(program, arguments, environment, directory, Grants is null ? null : FenceMaker.Make(Grants, Path, Places), mark)
        {
            ProcessorTime = processorTime,
            HasOwnNetwork = Services.Options.ShellIsolation == ProgramIsolation.Namespace,
        };
    }

    private static FencedGrants Enclose(SkillServices services, ShellDefences defences)
    {
        var grants = new FencedGrants(services.Manifest.Permissions, services.Files, defences);
        if (grants.IsEmpty)
        {
            Log.ProgramsStayAtHome(services.Logger, services.Manifest.Id.Value);
        }

        foreach (var (readOnly, writable) in grants.FindOverruled())
        {
            Log.ReadOnlyOverruled(services.Logger, services.Manifest.Id.Value, readOnly.Pattern, writable.Pattern);
        }

        return grants;
    }
}
