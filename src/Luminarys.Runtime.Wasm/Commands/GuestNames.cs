namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>Names that a guest made up, as they may appear in the host's log.</summary>
internal static class GuestNames
{
    private const int MaxLength = 64;

    /// <summary>The beginning of the name, without characters that move a terminal's cursor.</summary>
    public static string Shown(string name)
    {
        var shown = name.Length > MaxLength ? name[..MaxLength] : name;
        return shown.Any(char.IsControl) ? string.Concat(shown.Select(letter => char.IsControl(letter) ? '?' : letter)) : shown;
    }
}
