using Luminarys.Runtime.Wasm.Engine;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>The private directories of one skill's programs.</summary>
/// <param name="Home">Their home.</param>
/// <param name="Temporary">Their temporary files.</param>
/// <param name="Daemons">Where the table of the skill's daemons is written.</param>
internal sealed record ProgramPlaces(string Home, string Temporary, string Daemons)
{
    /// <summary>Where they lie.</summary>
    /// <param name="stateDirectory">The host's; null for one of this user below the temporary directory.</param>
    public static string RootOf(string? stateDirectory) => stateDirectory ?? Path.Combine(Path.GetTempPath(), $"luminarys-{Environment.UserName}");

    /// <summary>Makes the directories.</summary>
    /// <param name="stateDirectory">The host's; null for one of this user below the temporary directory.</param>
    /// <param name="skill">Id of the skill.</param>
    /// <exception cref="IOException">They cannot be made, or others may write to them.</exception>
    public static ProgramPlaces Make(string? stateDirectory, string skill)
    {
        var root = RootOf(stateDirectory);
        var places = new ProgramPlaces(Path.Combine(root, "home", skill), Path.Combine(root, "tmp", skill), Path.Combine(root, "daemons"));
        foreach (var directory in new[] { root, Path.Combine(root, "home"), Path.Combine(root, "tmp"), places.Home, places.Temporary, places.Daemons })
        {
            if (PrivateDirectory.Prepare(directory) is { } refusal)
            {
                throw new IOException(refusal);
            }
        }

        return places;
    }
}
