namespace Luminarys.Skills.Authoring;

/// <summary>What a value is on the wire.</summary>
public enum AuthoredKind
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>A list of texts.</summary>
    TextList,

    /// <summary>A list of whole numbers.</summary>
    IntegerList,

    /// <summary>Anything: a map, or a value that the language encodes by itself.</summary>
    Object,
}
