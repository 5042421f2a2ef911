// The library keeps its promises on Linux; what it does elsewhere is tested on Linux too.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
