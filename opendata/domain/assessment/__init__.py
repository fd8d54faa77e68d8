"""Assessment 考核: an agency's disclosure in points, by a declared scheme and from facts alone."""
