namespace Luminarys.Permissions;

/// <summary>What may be done below a granted directory.</summary>
public enum AccessMode
{
    /// <summary>Read, list and stat.</summary>
    ReadOnly,

    /// <summary>Everything that <see cref="ReadOnly"/> allows, and create, change, rename and remove.</summary>
    ReadWrite,
}
