namespace Luminarys.Skills;

/// <summary>Type of a method's parameter. A type name that a host does not know counts as <see cref="String"/>.</summary>
public enum ParameterType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>Whole number, 64 bits.</summary>
    Integer,

    /// <summary>Floating-point number, 64 bits.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Map with text keys.</summary>
    Object,

    /// <summary>List; <see cref="SkillParameter.Items"/> describes its elements.</summary>
    Array,
}
